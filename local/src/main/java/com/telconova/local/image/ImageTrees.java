package com.telconova.local.image;

import com.telconova.local.workbench.Program;
import com.telconova.shared.testing.Checkout;
import com.telconova.shared.testing.Topology;
import java.io.IOException;
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
      var target = checkout.root().resolve(tree.module() + "/target");
      if (!tree.hasCache() || !tree.isOf(target, checkout.root().resolve("docker/jvm.args"))) {
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
}
