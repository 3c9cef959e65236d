package com.telconova.shared.os;

import java.nio.file.Path;

/// Bytes and system calls of reading and writing, of all threads that there are and were.
final class Io implements Part {
  private final ProcFile file;
  private final String path;

  Io(ProcFile file, Path process) {
    this.file = file;
    this.path = process + "/io";
  }

  @Override
  public void collect(Scrape scrape) {
    file.read(path);
    scrape
        .counter(
            "process_io_bytes",
            "Bytes read and written: by system calls on files and pipes, or from and to disk.",
            "op",
            "layer")
        .add(file.number("rchar:"), "read", "syscall")
        .add(file.number("wchar:"), "write", "syscall")
        .add(file.number("read_bytes:"), "read", "disk")
        .add(file.number("write_bytes:"), "write", "disk")
        .add(file.number("cancelled_write_bytes:"), "write_cancelled", "disk");
    scrape
        .counter("process_io_syscalls", "Calls that read or write.", "op")
        .add(file.number("syscr:"), "read")
        .add(file.number("syscw:"), "write");
  }
}
