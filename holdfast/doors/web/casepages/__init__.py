"""The pages of one case: the case, its packet, its deeds, the person's card and the evidence."""
