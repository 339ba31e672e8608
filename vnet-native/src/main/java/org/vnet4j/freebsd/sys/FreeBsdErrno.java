// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.freebsd.sys;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vnet4j.KernelError;
import org.vnet4j.net.Errno;

/** The error numbers of FreeBSD, which are not those of Linux beyond 34. See errno(2). */
public final class FreeBsdErrno {
  static final int EPERM = 1;
  public static final int ENOENT = 2;
  public static final int ESRCH = 3;
  public static final int EINTR = 4;
  public static final int ENXIO = 6;
  public static final int ENOMEM = 12;
  public static final int EBUSY = 16;
  public static final int EEXIST = 17;
  public static final int EINVAL = 22;
  public static final int EAGAIN = 35;
  public static final int ENOBUFS = 55;
  static final int ENAMETOOLONG = 63;
  public static final int ENOMSG = 83;
  public static final int EADDRNOTAVAIL = 49;
  public static final int ENETUNREACH = 51;

  /** Names and messages by number; the first entry is error 1. */
  private static final String[] TABLE = {
    "EPERM Operation not permitted",
    "ENOENT No such file or directory",
    "ESRCH No such process",
    "EINTR Interrupted system call",
    "EIO Input/output error",
    "ENXIO Device not configured",
    "E2BIG Argument list too long",
    "ENOEXEC Exec format error",
    "EBADF Bad file descriptor",
    "ECHILD No child processes",
    "EDEADLK Resource deadlock avoided",
    "ENOMEM Cannot allocate memory",
    "EACCES Permission denied",
    "EFAULT Bad address",
    "ENOTBLK Block device required",
    "EBUSY Device busy",
    "EEXIST File exists",
    "EXDEV Cross-device link",
    "ENODEV Operation not supported by device",
    "ENOTDIR Not a directory",
    "EISDIR Is a directory",
    "EINVAL Invalid argument",
    "ENFILE Too many open files in system",
    "EMFILE Too many open files",
    "ENOTTY Inappropriate ioctl for device",
    "ETXTBSY Text file busy",
    "EFBIG File too large",
    "ENOSPC No space left on device",
    "ESPIPE Illegal seek",
    "EROFS Read-only file system",
    "EMLINK Too many links",
    "EPIPE Broken pipe",
    "EDOM Numerical argument out of domain",
    "ERANGE Result too large",
    "EAGAIN Resource temporarily unavailable",
    "EINPROGRESS Operation now in progress",
    "EALREADY Operation already in progress",
    "ENOTSOCK Socket operation on non-socket",
    "EDESTADDRREQ Destination address required",
    "EMSGSIZE Message too long",
    "EPROTOTYPE Protocol wrong type for socket",
    "ENOPROTOOPT Protocol not available",
    "EPROTONOSUPPORT Protocol not supported",
    "ESOCKTNOSUPPORT Socket type not supported",
    "EOPNOTSUPP Operation not supported",
    "EPFNOSUPPORT Protocol family not supported",
    "EAFNOSUPPORT Address family not supported by protocol family",
    "EADDRINUSE Address already in use",
    "EADDRNOTAVAIL Can't assign requested address",
    "ENETDOWN Network is down",
    "ENETUNREACH Network is unreachable",
    "ENETRESET Network dropped connection on reset",
    "ECONNABORTED Software caused connection abort",
    "ECONNRESET Connection reset by peer",
    "ENOBUFS No buffer space available",
    "EISCONN Socket is already connected",
    "ENOTCONN Socket is not connected",
    "ESHUTDOWN Can't send after socket shutdown",
    "ETOOMANYREFS Too many references: can't splice",
    "ETIMEDOUT Operation timed out",
    "ECONNREFUSED Connection refused",
    "ELOOP Too many levels of symbolic links",
    "ENAMETOOLONG File name too long",
    "EHOSTDOWN Host is down",
    "EHOSTUNREACH No route to host",
    "ENOTEMPTY Directory not empty",
    "EPROCLIM Too many processes",
    "EUSERS Too many users",
    "EDQUOT Disc quota exceeded",
    "ESTALE Stale NFS file handle",
    "EREMOTE Too many levels of remote in path",
    "EBADRPC RPC struct is bad",
    "ERPCMISMATCH RPC version wrong",
    "EPROGUNAVAIL RPC prog. not avail",
    "EPROGMISMATCH Program version wrong",
    "EPROCUNAVAIL Bad procedure for program",
    "ENOLCK No locks available",
    "ENOSYS Function not implemented",
    "EFTYPE Inappropriate file type or format",
    "EAUTH Authentication error",
    "ENEEDAUTH Need authenticator",
    "EIDRM Identifier removed",
    "ENOMSG No message of desired type",
    "EOVERFLOW Value too large to be stored in data type",
    "ECANCELED Operation canceled",
    "EILSEQ Illegal byte sequence",
    "ENOATTR Attribute not found",
    "EDOOFUS Programming error",
    "EBADMSG Bad message",
    "EMULTIHOP Multihop attempted",
    "ENOLINK Link has been severed",
    "EPROTO Protocol error",
    "ENOTCAPABLE Capabilities insufficient",
    "ECAPMODE Not permitted in capability mode",
    "ENOTRECOVERABLE State not recoverable",
    "EOWNERDEAD Previous owner died",
    "EINTEGRITY Integrity check failed"
  };

  private FreeBsdErrno() {}

  public static String name(int errno) {
    return known(errno) ? TABLE[errno - 1].substring(0, space(errno)) : "E" + errno;
  }

  public static String text(int errno) {
    return known(errno) ? TABLE[errno - 1].substring(space(errno) + 1) : "Unknown error: " + errno;
  }

  public static KernelError error(String call, String subject, int errno, @Nullable String detail) {
    return new KernelError(
        call, subject, errno, Errno.of(name(errno)), text(errno), Optional.ofNullable(detail));
  }

  private static int space(int errno) {
    return TABLE[errno - 1].indexOf(' ');
  }

  private static boolean known(int errno) {
    return errno >= 1 && errno <= TABLE.length;
  }
}
