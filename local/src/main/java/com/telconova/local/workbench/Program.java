package com.telconova.local.workbench;

import java.nio.file.Path;

/// What a module's process is started as: `java @flags … -jar jar`.
///
/// @param folder where it is started, against which relative paths are meant
/// @param java the executable
/// @param flags a file of its flags, one a line
/// @param jar with its libraries beside it
public record Program(Path folder, Path java, Path flags, Path jar) {}
