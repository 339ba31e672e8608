// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.net;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The symbols of errno(2) on all supported systems. Their numbers differ between systems and are
 * not part of this type; {@code KernelError} also carries numbers that have no symbol here.
 */
public enum Errno {
  /** Operation not permitted. */
  EPERM,
  /** No such file or directory. */
  ENOENT,
  /** No such process. */
  ESRCH,
  /** Interrupted system call. */
  EINTR,
  /** Input/output error. */
  EIO,
  /** No such device or address. */
  ENXIO,
  /** Argument list too long. */
  E2BIG,
  /** Exec format error. */
  ENOEXEC,
  /** Bad file descriptor. */
  EBADF,
  /** No child processes. */
  ECHILD,
  /** Resource deadlock avoided. */
  EDEADLK,
  /** Cannot allocate memory. */
  ENOMEM,
  /** Permission denied. */
  EACCES,
  /** Bad address. */
  EFAULT,
  /** Block device required. */
  ENOTBLK,
  /** Device or resource busy. */
  EBUSY,
  /** File exists. */
  EEXIST,
  /** Invalid cross-device link. */
  EXDEV,
  /** No such device. */
  ENODEV,
  /** Not a directory. */
  ENOTDIR,
  /** Is a directory. */
  EISDIR,
  /** Invalid argument. */
  EINVAL,
  /** Too many open files in system. */
  ENFILE,
  /** Too many open files. */
  EMFILE,
  /** Inappropriate ioctl for device. */
  ENOTTY,
  /** Text file busy. */
  ETXTBSY,
  /** File too large. */
  EFBIG,
  /** No space left on device. */
  ENOSPC,
  /** Illegal seek. */
  ESPIPE,
  /** Read-only file system. */
  EROFS,
  /** Too many links. */
  EMLINK,
  /** Broken pipe. */
  EPIPE,
  /** Numerical argument out of domain. */
  EDOM,
  /** Numerical result out of range. */
  ERANGE,
  /** Resource temporarily unavailable. */
  EAGAIN,
  /** Operation now in progress. */
  EINPROGRESS,
  /** Operation already in progress. */
  EALREADY,
  /** Socket operation on non-socket. */
  ENOTSOCK,
  /** Destination address required. */
  EDESTADDRREQ,
  /** Message too long. */
  EMSGSIZE,
  /** Protocol wrong type for socket. */
  EPROTOTYPE,
  /** Protocol not available. */
  ENOPROTOOPT,
  /** Protocol not supported. */
  EPROTONOSUPPORT,
  /** Socket type not supported. */
  ESOCKTNOSUPPORT,
  /** Operation not supported. */
  EOPNOTSUPP,
  /** Protocol family not supported. */
  EPFNOSUPPORT,
  /** Address family not supported by protocol. */
  EAFNOSUPPORT,
  /** Address already in use. */
  EADDRINUSE,
  /** Cannot assign requested address. */
  EADDRNOTAVAIL,
  /** Network is down. */
  ENETDOWN,
  /** Network is unreachable. */
  ENETUNREACH,
  /** Network dropped connection on reset. */
  ENETRESET,
  /** Software caused connection abort. */
  ECONNABORTED,
  /** Connection reset by peer. */
  ECONNRESET,
  /** No buffer space available. */
  ENOBUFS,
  /** Transport endpoint is already connected. */
  EISCONN,
  /** Transport endpoint is not connected. */
  ENOTCONN,
  /** Cannot send after transport endpoint shutdown. */
  ESHUTDOWN,
  /** Too many references: cannot splice. */
  ETOOMANYREFS,
  /** Connection timed out. */
  ETIMEDOUT,
  /** Connection refused. */
  ECONNREFUSED,
  /** Too many levels of symbolic links. */
  ELOOP,
  /** File name too long. */
  ENAMETOOLONG,
  /** Host is down. */
  EHOSTDOWN,
  /** No route to host. */
  EHOSTUNREACH,
  /** Directory not empty. */
  ENOTEMPTY,
  /** Too many processes. */
  EPROCLIM,
  /** Too many users. */
  EUSERS,
  /** Disk quota exceeded. */
  EDQUOT,
  /** Stale file handle. */
  ESTALE,
  /** Object is remote. */
  EREMOTE,
  /** RPC struct is bad. */
  EBADRPC,
  /** RPC version wrong. */
  ERPCMISMATCH,
  /** RPC prog. not avail. */
  EPROGUNAVAIL,
  /** Program version wrong. */
  EPROGMISMATCH,
  /** Bad procedure for program. */
  EPROCUNAVAIL,
  /** No locks available. */
  ENOLCK,
  /** Function not implemented. */
  ENOSYS,
  /** Inappropriate file type or format. */
  EFTYPE,
  /** Authentication error. */
  EAUTH,
  /** Need authenticator. */
  ENEEDAUTH,
  /** Identifier removed. */
  EIDRM,
  /** No message of desired type. */
  ENOMSG,
  /** Value too large for defined data type. */
  EOVERFLOW,
  /** Operation canceled. */
  ECANCELED,
  /** Invalid or incomplete multibyte or wide character. */
  EILSEQ,
  /** Attribute not found. */
  ENOATTR,
  /** Programming error. */
  EDOOFUS,
  /** Bad message. */
  EBADMSG,
  /** Multihop attempted. */
  EMULTIHOP,
  /** Link has been severed. */
  ENOLINK,
  /** Protocol error. */
  EPROTO,
  /** Capabilities insufficient. */
  ENOTCAPABLE,
  /** Not permitted in capability mode. */
  ECAPMODE,
  /** State not recoverable. */
  ENOTRECOVERABLE,
  /** Owner died. */
  EOWNERDEAD,
  /** Integrity check failed. */
  EINTEGRITY,
  /** Advertise error. */
  EADV,
  /** Invalid exchange. */
  EBADE,
  /** File descriptor in bad state. */
  EBADFD,
  /** Invalid request descriptor. */
  EBADR,
  /** Invalid request code. */
  EBADRQC,
  /** Memory page has hardware error. */
  EHWPOISON,
  /** Invalid slot. */
  EBADSLT,
  /** Bad font file format. */
  EBFONT,
  /** Channel number out of range. */
  ECHRNG,
  /** Communication error on send. */
  ECOMM,
  /** RFS specific error. */
  EDOTDOT,
  /** Is a named type file. */
  EISNAM,
  /** Key has expired. */
  EKEYEXPIRED,
  /** Key was rejected by service. */
  EKEYREJECTED,
  /** Key has been revoked. */
  EKEYREVOKED,
  /** Level 2 halted. */
  EL2HLT,
  /** Level 2 not synchronized. */
  EL2NSYNC,
  /** Level 3 halted. */
  EL3HLT,
  /** Level 3 reset. */
  EL3RST,
  /** Can not access a needed shared library. */
  ELIBACC,
  /** Accessing a corrupted shared library. */
  ELIBBAD,
  /** Cannot exec a shared library directly. */
  ELIBEXEC,
  /** Attempting to link in too many shared libraries. */
  ELIBMAX,
  /** .lib section in a.out corrupted. */
  ELIBSCN,
  /** Link number out of range. */
  ELNRNG,
  /** Wrong medium type. */
  EMEDIUMTYPE,
  /** No XENIX semaphores available. */
  ENAVAIL,
  /** No anode. */
  ENOANO,
  /** No CSI structure available. */
  ENOCSI,
  /** No data available. */
  ENODATA,
  /** Required key not available. */
  ENOKEY,
  /** No medium found. */
  ENOMEDIUM,
  /** Machine is not on the network. */
  ENONET,
  /** Package not installed. */
  ENOPKG,
  /** Out of streams resources. */
  ENOSR,
  /** Device not a stream. */
  ENOSTR,
  /** Not a XENIX named type file. */
  ENOTNAM,
  /** Name not unique on network. */
  ENOTUNIQ,
  /** Remote address changed. */
  EREMCHG,
  /** Remote I/O error. */
  EREMOTEIO,
  /** Interrupted system call should be restarted. */
  ERESTART,
  /** Operation not possible due to RF-kill. */
  ERFKILL,
  /** Srmount error. */
  ESRMNT,
  /** Streams pipe error. */
  ESTRPIPE,
  /** Timer expired. */
  ETIME,
  /** Structure needs cleaning. */
  EUCLEAN,
  /** Protocol driver not attached. */
  EUNATCH,
  /** Exchange full. */
  EXFULL;

  private static final Map<String, Errno> BY_NAME =
      Arrays.stream(values()).collect(Collectors.toMap(Enum::name, Function.identity()));

  /**
   * Returns the constant of a symbol.
   *
   * @param name such as {@code ENXIO}
   * @return the constant, empty if no supported system has that symbol
   */
  public static Optional<Errno> of(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }
}
