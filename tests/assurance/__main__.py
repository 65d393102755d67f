"""Write the page of figures."""

from tests.assurance.page import PAGE, page

PAGE.write_text(page(), "utf-8")
