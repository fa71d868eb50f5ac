"""Official documents: incoming and outgoing, their files, books, numbers, signatures and case files."""
