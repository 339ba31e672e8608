// SPDX-FileCopyrightText: The Vnet for Java authors
// SPDX-License-Identifier: Apache-2.0

package org.vnet4j.junit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.MediaType;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.function.ThrowingConsumer;

/** Attaches to a failed test a picture of its network and the captured packets. */
final class FailureReport {
  private static final MediaType SVG = MediaType.create("image", "svg+xml");
  private static final MediaType PCAPNG = MediaType.create("application", "x-pcapng");

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
      report.add(laboratory);
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
    if (!report.files.isEmpty()) {
      failure.addSuppressed(new Evidence("see " + String.join("\n    ", report.files)));
    }
  }

  private void add(Laboratory laboratory) {
    attach("network.svg", SVG, file -> Files.writeString(file, laboratory.picture().toSvg()));
    if (!laboratory.recorders().isEmpty()) {
      Recorder.settle();
    }
    for (Recorder recorder : laboratory.recorders()) {
      recorder.close();
      if (!recorder.isEmpty()) {
        attach(recorder.fileName(), PCAPNG, recorder::write);
      }
    }
  }

  private void attach(String name, MediaType type, ThrowingConsumer<Path> content) {
    try {
      context.publishFile(
          name,
          type,
          file -> {
            content.accept(file);
            files.add(file.toString());
            context.publishReportEntry(name, file.toString());
          });
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }
}
