package com.telconova.local.image;

import com.telconova.local.workbench.Program;
import com.telconova.shared.testing.Checkout;
import com.telconova.shared.testing.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The services as they are shipped: the files that `./microflow image-root` makes, each with its
/// own Java and its AOT cache.
public final class ImageTrees {
  private final Map<String, ImageTree> trees;

  private ImageTrees(Map<String, ImageTree> trees) {
    this.trees = trees;
  }

  /// Those of a checkout, whether they are there or not.
  public static ImageTrees of(Checkout checkout) {
    var folder = checkout.folder().resolve("image");
    return new ImageTrees(
        Topology.SERVICES.stream()
            .collect(
                Collectors.toMap(Function.identity(), s -> new ImageTree(s, folder.resolve(s)))));
  }

  /// Whether each has its cache and was made of what the last build left.
  public boolean areCurrent(Checkout checkout) throws IOException {
    for (var tree : trees.values()) {
      if (!tree.hasCache() || !isCurrent(tree, checkout)) {
        return false;
      }
    }
    return true;
  }

  /// How a service is started.
  public Program program(String service) {
    return trees.get(service).program();
  }

  /// The flags with which it takes its cache, or does not start.
  public List<String> cached(String service) {
    return List.of("-XX:AOTMode=on", "-XX:AOTCache=" + trees.get(service).cache().getFileName());
  }

  /// Bytes of all files of an image, the cache included.
  public long bytes(String service) {
    return ImageTree.size(trees.get(service).root());
  }

  /// Bytes of the cache.
  public long cacheBytes(String service) {
    return ImageTree.size(trees.get(service).cache());
  }

  private static boolean isCurrent(ImageTree tree, Checkout checkout) throws IOException {
    var target = checkout.root().resolve(tree.module() + "/target");
    var jar = target.resolve(tree.module() + ".jar");
    if (!isSame(jar, tree.jar())
        || !isSame(checkout.root().resolve("docker/jvm.args"), tree.app().resolve("jvm.args"))) {
      return false;
    }
    for (var library : ImageTree.libraries(jar)) {
      if (!isSame(target.resolve(library), tree.app().resolve(library))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isSame(Path one, Path other) throws IOException {
    return Files.exists(one) && Files.exists(other) && Files.mismatch(one, other) < 0;
  }
}
