"""The main job as people do it: in a real browser, with a real mail server and real input."""
