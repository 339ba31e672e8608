// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.junit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.function.ThrowingConsumer;

/** Attaches to a failed test a picture of its network and the captured packets. */
final class FailureReport {
  /**
   * All files are published as one directory. To publish a file means to give its media type, whose
   * class has another name in JUnit 5.12 than in 6.
   */
  private static final String DIRECTORY = "vnet";

  private final ExtensionContext context;
  private final Throwable failure;
  private final List<String> files = new ArrayList<>();

  private FailureReport(ExtensionContext context, Throwable failure) {
    this.context = context;
    this.failure = failure;
  }

  /**
   * Attaches the files. An error here is added to the failure as suppressed; it never replaces it.
   */
  static void of(ExtensionContext context, Laboratory laboratory, Throwable failure) {
    FailureReport report = new FailureReport(context, failure);
    try {
      context.publishDirectory(DIRECTORY, directory -> report.write(directory, laboratory));
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
    if (!report.files.isEmpty()) {
      failure.addSuppressed(new Evidence("see " + String.join("\n    ", report.files)));
    }
  }

  private void write(Path directory, Laboratory laboratory) {
    write(
        directory.resolve("network.svg"),
        file -> Files.writeString(file, laboratory.picture().toSvg()));
    if (!laboratory.recorders().isEmpty()) {
      Recorder.settle();
    }
    for (Recorder recorder : laboratory.recorders()) {
      recorder.close();
      if (!recorder.isEmpty()) {
        write(directory.resolve(recorder.fileName()), recorder::write);
      }
    }
  }

  private void write(Path file, ThrowingConsumer<Path> content) {
    try {
      content.accept(file);
    } catch (Throwable e) {
      failure.addSuppressed(e);
      return;
    }
    files.add(file.toString());
    context.publishReportEntry(String.valueOf(file.getFileName()), file.toString());
  }
}
