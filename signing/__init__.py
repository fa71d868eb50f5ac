"""Bytes in, signed bytes out: keys, prepared places, signature, seal, time-stamps, validation.

Pure: no database, no document. The only package that knows pyHanko.
"""
