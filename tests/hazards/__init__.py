"""The hazards: each scenario drives its control, and its twin shows that the scenario fails when the control is taken out."""
