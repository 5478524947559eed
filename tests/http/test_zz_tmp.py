import pytest
from lims.catalogue import service
from lims.kernel.db import transaction
from lims.vocabulary import Role
from tests import factories
NASTY=["","không phải số","x"*5000,"☃\u202e𝒜\u0000Ω","'; DROP TABLE item; --","-1","99999999999999999999999","1e400","NaN","0001-01-01","9999-12-31"]
@pytest.mark.parametrize("database_url",["sqlite","postgresql"],indirect=True)
def test_nasty(app, signed_in):
    with transaction() as s:
        service.load(s, by="x"); lan=factories.user(s,Role.TECHNICIAN,login="lan"); st=factories.standard(s)
        sv=service.services(s)[0]; tid=sv.type_id; m=sv.method_id
    F={
     "/catalogue/types/new":dict(code="a-b",name_vi="a",name_en="b",field="mass",law_row="3",counting_units="1",note="n"),
     f"/catalogue/types/{tid}":dict(months="12",valid_from="2027-01-01",source="s"),
     f"/catalogue/types/{tid}/edit":dict(name_vi="a",name_en="b",field="mass",law_row="3",counting_units="1",note="n",active="yes"),
     "/catalogue/methods/new":dict(code="Q",edition="1",title="t",discipline="verification",valid_from="2026-01-01",valid_to="2027-01-01",type_id=str(tid),note="n"),
     f"/catalogue/methods/{m}/edit":dict(title="t",valid_to="2027-01-01",type_id=str(tid),note="n"),
     "/catalogue/services/new":dict(code="c-d",name_vi="a",name_en="b",discipline="verification",field="mass",unit="u",type_id=str(tid),method_id=str(m)),
     f"/catalogue/services/{sv.id}":dict(amount="1000",percent="5",charged_on_fail="yes",valid_from="2027-01-01",source="s"),
     f"/catalogue/services/{sv.id}/edit":dict(name_vi="a",name_en="b",field="mass",unit="u",type_id=str(tid),method_id=str(m),active="yes"),
     "/equipment/new":dict(code="C",name="n",serial="s",field="mass",certificate="c",calibrated_by="b",calibrated_on="2026-01-01",due_on="2027-01-01",accuracy="a"),
     f"/equipment/{st.id}/edit":dict(name="n",serial="s",field="mass",accuracy="a"),
     f"/equipment/{st.id}/calibrate":dict(certificate="c",calibrated_by="b",calibrated_on="2026-01-01",due_on="2027-01-01"),
     f"/equipment/{st.id}/take-out":dict(reason="r"),
     "/marks/new":dict(holder_id=str(lan.id),series="A",first="1",last="5",discipline="verification"),
     "/admin/parameters":dict(name="base_salary",valid_from="2027-01-01",value="1",source="s"),
     "/admin/deliveries":dict(handler="h",position="1"),
     "/admin/people/new":dict(full_name="a",title="t",login="l",password="0123456789",roles="admin"),
     "/admin/competences/new":dict(user_id=str(lan.id),act="sign",discipline="testing",field="mass",basis="b",valid_from="2026-01-01",valid_to="2027-01-01"),
     f"/admin/people/{lan.id}/token":dict(label="x"),
     f"/admin/people/{lan.id}/password":dict(password="0123456789"),
     f"/admin/people/{lan.id}":dict(full_name="a",title="t",roles="admin"),
    }
    b=signed_in(Role.ADMIN)
    bad=[]
    for path,good in F.items():
        for name in good:
            for v in NASTY:
                r=b.post(path,data={**good,name:v})
                if r.status_code>=500: bad.append((path,name,v[:20],r.status_code))
                if r.status_code not in (200,303,422,404,409): bad.append((path,name,v[:20],r.status_code))
        r=b.post(path,data=good); 
        if r.status_code not in (200,303,422,409): bad.append((path,'GOOD',r.status_code))
    for p in ("/catalogue","/catalogue/services","/catalogue/methods","/equipment","/marks","/admin/deliveries","/admin/parameters","/prices"):
        for q in ("q","field","discipline","after","show","state","name"):
            for v in NASTY:
                r=b.get(p,query_string={q:v})
                if r.status_code!=200: bad.append((p,q,v[:10],r.status_code))
    assert not bad, bad[:30]
