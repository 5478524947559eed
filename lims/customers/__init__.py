"""Who the centre serves: customers, their sites and the instruments they keep."""
