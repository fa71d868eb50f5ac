"""PDFium (pypdfium2) is not safe to call from two threads: whoever uses it holds this one lock of the process."""

import threading

lock = threading.RLock()
