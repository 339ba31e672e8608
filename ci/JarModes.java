// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.zip.ZipException;

/**
 * Sets the modes of all entries of jars: 644 for files, 755 for directories. Maven's archiver takes
 * them from the files that it packs, which have those of whoever built, by the umask. The build
 * runs this file as it is: {@code java JarModes.java JAR...}.
 */
final class JarModes {
  // The format: PKWARE's APPNOTE.TXT, 4.3.12 and 4.3.16
  private static final int ENTRY = 0x02014b50;
  private static final int ENTRY_SIZE = 46;
  private static final int END = 0x06054b50;
  private static final int END_SIZE = 22;
  private static final int UNIX = 3;
  private static final int FILE = 0100644 << 16;
  private static final int DIRECTORY = 040755 << 16 | 0x10;

  private JarModes() {}

  public static void main(String[] args) throws IOException {
    for (String jar : args) {
      try (RandomAccessFile file = new RandomAccessFile(jar, "rw")) {
        set(file.getChannel(), jar);
      }
    }
  }

  private static void set(FileChannel file, String name) throws IOException {
    ByteBuffer zip =
        file.map(FileChannel.MapMode.READ_WRITE, 0, file.size()).order(ByteOrder.LITTLE_ENDIAN);
    int end = zip.limit() - END_SIZE;
    while (end >= 0 && zip.getInt(end) != END) {
      end--;
    }
    if (end < 0) {
      throw new ZipException(name + " is no jar");
    }
    int at = zip.getInt(end + 16);
    for (int left = Short.toUnsignedInt(zip.getShort(end + 10)); left > 0; left--) {
      if (at < 0 || at > end || zip.getInt(at) != ENTRY) {
        throw new ZipException(name + " has a directory that cannot be read");
      }
      int length = Short.toUnsignedInt(zip.getShort(at + 28));
      if (zip.get(at + 5) == UNIX) {
        boolean directory = zip.get(at + ENTRY_SIZE + length - 1) == '/';
        zip.putInt(at + 38, directory ? DIRECTORY : FILE);
      }
      at +=
          ENTRY_SIZE
              + length
              + Short.toUnsignedInt(zip.getShort(at + 30))
              + Short.toUnsignedInt(zip.getShort(at + 32));
    }
  }
}
