"""The inbox: what arrived from outside, what became of it, and who must look."""
