"""Files for other software beside the HTML pages, and what the pages say to it in their heads.

All is made of the data that the pages are woven from: nothing is read twice.
"""
