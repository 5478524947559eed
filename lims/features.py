"""What every feature registers, loaded in one place: tables, facts, documents, parameters.

Whoever reads any fact or prints any document imports this: migrations, workers, the log's
commands, the tests. The web application loads it with the pages.
"""

from lims.autonomy import models as autonomy
from lims.bench import models as bench
from lims.bench.minutes import document_types as bench_documents
from lims.billing import document_types as billing_documents
from lims.billing import models as billing
from lims.catalogue import models as catalogue
from lims.certificates import document_types as certificate_documents
from lims.certificates import models as certificates
from lims.contracts import models as contracts
from lims.customers import models as customers
from lims.documents import store
from lims.equipment import models as equipment
from lims.eventlog import log, private, projections, schedule, seal
from lims.identity import models as identity
from lims.indicators import models as indicators
from lims.kernel import idempotency, numbering
from lims.kernel.db import Base
from lims.marks import models as marks
from lims.reception import document_types as reception_documents
from lims.reception import models as reception
from lims.settings import areas, centre, holidays, parameters, periods
from lims.tallies import models as tallies

METADATA = Base.metadata

LOADED = (
    *(idempotency, numbering, log, private, projections, schedule, seal, store),
    *(areas, centre, holidays, parameters, periods),
    *(identity, catalogue, equipment, marks, customers, contracts, reception, bench),
    *(certificates, billing, autonomy, tallies, indicators),
    *(reception_documents, bench_documents, certificate_documents, billing_documents),
)
"""The modules that register something when they are imported."""
