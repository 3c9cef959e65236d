package com.telconova.shared.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Where the process's cgroups are: of version 1 a folder for each controller, of version 2 one for
/// all; some machines have both, with the controllers in version 1. From `/proc/self/cgroup` and
/// `/proc/self/mountinfo` (cgroups(7), proc_pid_mountinfo(5)).
///
/// @param controllers of version 1: `cpu`, `cpuacct`, `memory`, `pids`, `blkio`
/// @param unified of version 2
public record CgroupFolders(Map<String, Mounted> controllers, Optional<Mounted> unified) {
  /// @param mount where the hierarchy begins, as far as this process sees it
  /// @param folder the process's own in it
  public record Mounted(Path mount, Path folder) {
    /// A file of the process's cgroup.
    String file(String name) {
      return folder.resolve(name).toString();
    }

    /// The same file of the cgroup and of each around it: the narrowest limit counts.
    List<String> files(String name) {
      var files = new ArrayList<String>();
      for (Path at = folder; at != null && at.startsWith(mount); at = at.getParent()) {
        Path candidate = at.resolve(name);
        if (Files.isReadable(candidate)) {
          files.add(candidate.toString());
        }
      }
      return files;
    }
  }

  /// Looks for them; where there are none, nothing is found.
  ///
  /// @param process such as `/proc/self`
  /// @param root what the mount points are below: `/`
  public static CgroupFolders find(Path process, Path root) {
    var controllers = new HashMap<String, Mounted>();
    Optional<Mounted> unified = Optional.empty();
    Map<String, String> paths = paths(process);
    for (String line : lines(process.resolve("mountinfo"))) {
      int parted = line.indexOf(" - ");
      if (parted < 0) {
        continue;
      }
      String[] mount = line.substring(0, parted).split(" ");
      String[] type = line.substring(parted + 3).split(" ");
      if (mount.length < 5 || type.length < 3) {
        continue;
      }
      Path point = root.resolve(mount[4].substring(1));
      if (type[0].equals("cgroup2") && paths.containsKey("")) {
        unified = Optional.of(mounted(point, mount[3], paths.get("")));
      } else if (type[0].equals("cgroup")) {
        for (String controller : type[2].split(",")) {
          if (paths.containsKey(controller)) {
            controllers.put(controller, mounted(point, mount[3], paths.get(controller)));
          }
        }
      }
    }
    return new CgroupFolders(controllers, unified);
  }

  /// The cgroup of each controller; of version 2, that of the empty name.
  private static Map<String, String> paths(Path process) {
    var paths = new HashMap<String, String>();
    for (String line : lines(process.resolve("cgroup"))) {
      String[] parts = line.split(":", 3);
      if (parts.length == 3) {
        Arrays.stream(parts[1].split(",")).forEach(name -> paths.put(name, parts[2]));
      }
    }
    return paths;
  }

  /// A container sees its own cgroup as the root of the mount, whatever its path says.
  private static Mounted mounted(Path point, String mountRoot, String path) {
    String within = path;
    if (!mountRoot.equals("/")) {
      within = path.startsWith(mountRoot) ? path.substring(mountRoot.length()) : "/";
    }
    Path folder = point.resolve(within.replaceFirst("^/+", "")).normalize();
    return new Mounted(
        point, folder.startsWith(point) && Files.isDirectory(folder) ? folder : point);
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      return List.of();
    }
  }
}
