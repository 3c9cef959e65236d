package com.telconova.local.image;

import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/// What the AWS SDK knows of where services are, of those alone whose clients are there. It has a
/// class for each of three hundred services, and makes one of each as soon as the first client asks
/// for its own. Of a service that it does not know it believes that every region has it.
final class Regions {
  private static final String PROVIDER =
      "software/amazon/awssdk/regions/GeneratedServiceMetadataProvider.class";
  private static final Pattern SERVICE =
      Pattern.compile("software/amazon/awssdk/services/(\\w+)/\\w+Client\\.class");

  private Regions() {}

  /// Takes out of the list what no client among the classes asks for.
  ///
  /// @param classes by path; the list is replaced
  static void prune(Map<String, byte[]> classes) {
    var services =
        classes.keySet().stream()
            .map(SERVICE::matcher)
            .filter(match -> match.matches())
            .map(match -> match.group(1))
            .collect(Collectors.toSet());
    classes.computeIfPresent(PROVIDER, (_, bytes) -> of(services, bytes));
  }

  private static byte[] of(Set<String> services, byte[] bytes) {
    var writer = new ClassWriter(0);
    new ClassReader(bytes)
        .accept(
            new ClassVisitor(Opcodes.ASM9, writer) {
              @Override
              public MethodVisitor visitMethod(
                  int access, String name, String type, String signature, String[] exceptions) {
                var method = super.visitMethod(access, name, type, signature, exceptions);
                return name.equals("<clinit>") ? new Puts(services, method) : method;
              }
            },
            0);
    return writer.toByteArray();
  }

  /// Leaves out `.put("xray", new XrayServiceMetadata())`, from the name to the call.
  private static final class Puts extends MethodVisitor {
    private final Set<String> services;
    private boolean isLeftOut;

    Puts(Set<String> services, MethodVisitor method) {
      super(Opcodes.ASM9, method);
      this.services = services;
    }

    @Override
    public void visitLdcInsn(Object value) {
      isLeftOut = value instanceof String service && !services.contains(service);
      if (!isLeftOut) {
        super.visitLdcInsn(value);
      }
    }

    @Override
    public void visitTypeInsn(int opcode, String type) {
      if (!isLeftOut) {
        super.visitTypeInsn(opcode, type);
      }
    }

    @Override
    public void visitInsn(int opcode) {
      if (!isLeftOut) {
        super.visitInsn(opcode);
      }
    }

    @Override
    public void visitMethodInsn(
        int opcode, String owner, String name, String type, boolean isInterface) {
      if (!isLeftOut) {
        super.visitMethodInsn(opcode, owner, name, type, isInterface);
      }
      isLeftOut &= !name.equals("put");
    }
  }
}
