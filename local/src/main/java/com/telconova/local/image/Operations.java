package com.telconova.local.image;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/// The operations of AWS clients that somebody calls. S3 has more than a hundred, of which we call
/// seven, and the JVM loads the types of all as soon as it checks the client's code: a third of the
/// classes that an AOT cache would hold of the SDK.
///
/// An operation is called when a class names both it and the client. Those that only the SDK's own
/// conveniences call (waiters, pages, other clients around the client) are not.
final class Operations {
  private static final Pattern CLIENT =
      Pattern.compile("software/amazon/awssdk/services/(\\w+)/(Default|Delegating)?(\\w+)Client");
  private static final Pattern CONVENIENCES =
      Pattern.compile(
          "software/amazon/awssdk/services/\\w+/(\\w+Client|waiters/.*|paginators/.*|batchmanager/.*"
              + "|internal/(\\w*client|multipart|crossregion|batchmanager)/.*)");
  private static final Pattern REQUEST = Pattern.compile("\\(L[\\w/]+/model/\\w+Request;\\).*");

  private Operations() {}

  /// Takes out of the clients among some classes what no class calls.
  ///
  /// @param classes by path; clients are replaced
  /// @param all everything that may call them, by path
  static void prune(Map<String, byte[]> classes, List<Map<String, byte[]>> all) {
    var offered = new HashMap<String, Set<String>>();
    for (var path : classes.keySet()) {
      var client = client(path);
      if (name(path).equals(client)) {
        offered.put(client, offered(classes.get(path)));
      }
    }
    offered.forEach((client, operations) -> {
      for (var some : all) {
        some.forEach((path, bytes) -> {
          if (isCaller(path)) {
            operations.removeAll(named(bytes, client));
          }
        });
      }
    });
    classes.replaceAll((path, bytes) -> {
      var unused = offered.get(client(path));
      return unused == null ? bytes : without(unused, bytes);
    });
  }

  /// The interface that is a service's client; null when this is neither that nor one that
  /// implements it.
  private static String client(String path) {
    var match = CLIENT.matcher(name(path));
    return match.matches()
        ? "software/amazon/awssdk/services/%s/%sClient".formatted(match.group(1), match.group(3))
        : null;
  }

  private static boolean isCaller(String path) {
    return path.endsWith(".class") && !CONVENIENCES.matcher(name(path)).matches();
  }

  private static String name(String path) {
    return path.substring(0, Math.max(0, path.length() - ".class".length()));
  }

  private static Set<String> offered(byte[] client) {
    var names = new HashSet<String>();
    new ClassReader(client)
        .accept(
            new ClassVisitor(Opcodes.ASM9) {
              @Override
              public MethodVisitor visitMethod(
                  int access, String name, String type, String signature, String[] exceptions) {
                if (REQUEST.matcher(type).matches()) {
                  names.add(name);
                }
                return null;
              }
            },
            ClassReader.SKIP_CODE);
    return names;
  }

  /// Every text of a class that names the client; none of another's.
  private static Set<String> named(byte[] bytes, String client) {
    var texts = texts(bytes);
    return texts.contains(client) ? texts : Set.of();
  }

  /// The texts among a class's constants.
  static Set<String> texts(byte[] bytes) {
    var reader = new ClassReader(bytes);
    var found = new HashSet<String>();
    for (int i = 1; i < reader.getItemCount(); i++) {
      int at = reader.getItem(i);
      if (at > 0 && bytes[at - 1] == 1) { // CONSTANT_Utf8
        int length = reader.readUnsignedShort(at);
        found.add(new String(bytes, at + 2, length, StandardCharsets.ISO_8859_1));
      }
    }
    return found;
  }

  private static byte[] without(Set<String> operations, byte[] bytes) {
    var writer = new ClassWriter(0);
    new ClassReader(bytes)
        .accept(
            new ClassVisitor(Opcodes.ASM9, writer) {
              @Override
              public void visitInnerClass(String name, String outer, String simple, int access) {
                // The requests' builders are listed, whether a method has them or not.
                if (!name.contains("/model/")) {
                  super.visitInnerClass(name, outer, simple, access);
                }
              }

              @Override
              public MethodVisitor visitMethod(
                  int access, String name, String type, String signature, String[] exceptions) {
                var operation =
                    name.startsWith("lambda$")
                        ? name.split("\\$")[1]
                        : name.replaceFirst("Paginator$", "");
                return operations.contains(operation)
                    ? null
                    : super.visitMethod(access, name, type, signature, exceptions);
              }
            },
            0);
    return writer.toByteArray();
  }
}
