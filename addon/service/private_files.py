"""Files that only this user can read: by their mode, on Windows by the list of who may use them.

Administrators can get at every file of a system; they are nobody's "others" here.
"""

import os
import sys
from pathlib import Path
from typing import IO

if sys.platform == "win32":
    import ctypes
    import msvcrt
    from ctypes import wintypes

    FILE_OBJECT = 1
    ACCESS_LIST = 4
    GENERIC_WRITE = 0x4000_0000
    CREATE_NEW = 1
    INVALID = ctypes.c_void_p(-1).value
    TOKEN_QUERY = 8
    TOKEN_USER = 1
    ADMINISTRATION = frozenset({"SY", "BA", "LA"})
    """The system, administrators, and the one who came with Windows."""

    _rights = ctypes.WinDLL("advapi32", use_last_error=True)
    _kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    _kernel.CreateFileW.restype = ctypes.c_void_p
    _kernel.GetCurrentProcess.restype = ctypes.c_void_p
    _kernel.LocalFree.argtypes = [ctypes.c_void_p]
    _kernel.CloseHandle.argtypes = [ctypes.c_void_p]

    class _Attributes(ctypes.Structure):
        _fields_ = (
            ("length", wintypes.DWORD),
            ("descriptor", ctypes.c_void_p),
            ("inherited", wintypes.BOOL),
        )

    def create(path: Path) -> IO[str]:
        """Make the file, for ASCII; raises OSError, and FileExistsError where there is one."""
        descriptor = _descriptor(f"D:P(A;;FA;;;{_user()})")
        try:
            attributes = _Attributes(ctypes.sizeof(_Attributes), descriptor, False)
            handle = _kernel.CreateFileW(
                str(path), GENERIC_WRITE, 0, ctypes.byref(attributes), CREATE_NEW, 0, None
            )
            if handle == INVALID:
                raise ctypes.WinError(ctypes.get_last_error())
        finally:
            _kernel.LocalFree(descriptor)
        return os.fdopen(msvcrt.open_osfhandle(handle, os.O_WRONLY), "w", encoding="ascii")

    def is_private(path: Path) -> bool:
        """Whether nobody else can read the file. Not on a disk that knows no rights."""
        try:
            found = _text(_list_of(path))
            (own,) = _named(_text(_descriptor(f"D:(A;;FA;;;{_user()})")))
        except OSError:
            return False
        named = _named(found)
        return "(" in found and named <= {own, *ADMINISTRATION}

    def _user() -> str:
        """The security identifier of this user, which is the same in every language."""
        token, text, size = wintypes.HANDLE(), ctypes.c_wchar_p(), wintypes.DWORD()
        process = ctypes.c_void_p(_kernel.GetCurrentProcess())
        _done(_rights.OpenProcessToken(process, TOKEN_QUERY, ctypes.byref(token)))
        try:
            _rights.GetTokenInformation(token, TOKEN_USER, None, 0, ctypes.byref(size))
            told = ctypes.create_string_buffer(size.value)
            _done(_rights.GetTokenInformation(token, TOKEN_USER, told, size, ctypes.byref(size)))
        finally:
            _kernel.CloseHandle(token)
        identifier = ctypes.c_void_p.from_buffer(told)
        _done(_rights.ConvertSidToStringSidW(identifier, ctypes.byref(text)))
        try:
            return str(text.value)
        finally:
            _kernel.LocalFree(text)

    def _descriptor(text: str) -> ctypes.c_void_p:
        """What the text says, to be freed; raises OSError."""
        made = ctypes.c_void_p()
        _done(
            _rights.ConvertStringSecurityDescriptorToSecurityDescriptorW(
                text, 1, ctypes.byref(made), None
            )
        )
        return made

    def _list_of(path: Path) -> ctypes.c_void_p:
        """Who may use the file, to be freed; raises OSError."""
        found = ctypes.c_void_p()
        code = _rights.GetNamedSecurityInfoW(
            str(path), FILE_OBJECT, ACCESS_LIST, None, None, None, None, ctypes.byref(found)
        )
        if code:
            raise ctypes.WinError(code)
        return found

    def _text(descriptor: ctypes.c_void_p) -> str:
        """The same as text; frees it."""
        text = ctypes.c_wchar_p()
        try:
            _done(
                _rights.ConvertSecurityDescriptorToStringSecurityDescriptorW(
                    descriptor, 1, ACCESS_LIST, ctypes.byref(text), None
                )
            )
            return str(text.value)
        finally:
            _kernel.LocalFree(descriptor)
            _kernel.LocalFree(text)

    def _named(text: str) -> set[str]:
        """Those who are given something by a list of rights."""
        entries = [entry.rstrip(")").split(";") for entry in text.split("(")[1:]]
        return {entry[5] for entry in entries if entry[0] != "D"}

    def _done(success: int) -> None:
        if not success:
            raise ctypes.WinError(ctypes.get_last_error())

else:
    OTHERS = 0o077

    def create(path: Path) -> IO[str]:
        """Make the file, for ASCII; raises OSError, and FileExistsError where there is one."""
        # Made with its final mode: there is no moment in which others could read it.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        return os.fdopen(descriptor, "w", encoding="ascii")

    def is_private(path: Path) -> bool:
        """Whether nobody else can read the file. Not on a disk that knows no rights."""
        try:
            return path.stat().st_mode & OTHERS == 0
        except OSError:
            return False
