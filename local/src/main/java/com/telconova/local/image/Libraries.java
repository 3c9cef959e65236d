package com.telconova.local.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/// A process's libraries in one jar: one descriptor of the process and one directory to read at its
/// start, instead of eighty. What only compilers, debuggers and other builds read stays out: names
/// of local variables (line numbers stay), `module-info`, versions for other Javas, signatures,
/// which a jar that was changed could not keep.
///
/// What jars have in common is put together where it lists something (services, mail's types), kept
/// for each where it is a licence, and else the first's, as on a class path.
final class Libraries {
  /// Of these only what can be reached from all others is taken: we use a corner of each.
  private static final List<String> CORNERS =
      List.of(
          "bcprov-",
          "commons-io-",
          "httpclient5-",
          "httpcore5-",
          "jetty-websocket-",
          "jgrapht-core-",
          "kotlin-stdlib-",
          "opentelemetry-",
          "regions-",
          "s3-",
          "sns-",
          "sqs-");

  // Whoever steps through our code, or reads a message of a null pointer, wants its names.
  private static final String OURS = "com/telconova/";

  /// Their types of types ("a list of strings") nobody asks for at run time, which JSON and JDBI do
  /// for theirs and for ours.
  private static final List<String> WITHOUT_GENERICS =
      List.of("org/apache/hc/", "software/amazon/awssdk/");

  // The JDK tries each whenever one of its own is not in the runtime, and Bouncy Castle's took a
  // quarter of auth's start. We call its algorithms, not its provider.
  private static final String PROVIDERS = "META-INF/services/java.security.Provider";

  // Messages of the database's driver, of which the log keeps the English ones.
  private static final String TRANSLATIONS = "org/postgresql/translation/";

  private static final String VERSIONS = "META-INF/versions/";
  private static final String CLASS = ".class";
  private static final LocalDateTime TIME = LocalDateTime.of(2026, 1, 1, 0, 0);

  // A class is named as a/b/C, a.b.C, or (Ljava/lang/String;ILa/b/C;)V.
  private static final Pattern NO_NAME = Pattern.compile("[^\\p{Alnum}_$/.]+");
  private static final Pattern BEFORE_NAME = Pattern.compile("^[BCDFIJSZ]*L");

  // Looks into the requests of every operation, of those, too, that nobody sends.
  private static final Pattern ENDPOINTS =
      Pattern.compile(
          "software/amazon/awssdk/services/.*/endpoints/internal/\\w+ResolverUtils.class");
  private static final Pattern REQUEST = Pattern.compile("/model/\\w+Request\\b");

  // What is longer is no list of classes.
  private static final int LONG_TEXT = 200_000;
  private static final int FEATURE = Runtime.version().feature();

  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private final Map<String, byte[]> module = new LinkedHashMap<>();
  private final Map<String, byte[]> corners = new LinkedHashMap<>();

  private Libraries() {}

  /// Makes the jar.
  ///
  /// @param module whose libraries they are
  /// @param jars as on the class path: of two of the same name the first counts
  static void merge(Path module, Collection<Path> jars, Path target) throws IOException {
    var libraries = new Libraries();
    libraries.readModule(module);
    for (var jar : jars) {
      libraries.add(jar);
    }
    Operations.prune(
        libraries.corners, List.of(libraries.module, libraries.files, libraries.corners));
    Regions.prune(libraries.corners);
    libraries.addReached();
    Files.createDirectories(target.getParent());
    Files.write(target, libraries.bytes(manifest(null, null)));
  }

  /// The same jar, which names other libraries.
  static void rename(Path jar, String libraries, Path target) throws IOException {
    var module = new Libraries();
    var manifest = manifest(module.readModule(jar), libraries);
    module.files.putAll(module.module);
    Files.createDirectories(target.getParent());
    Files.write(target, module.bytes(manifest));
  }

  private Manifest readModule(Path jar) throws IOException {
    try (var file = new JarFile(jar.toFile())) {
      for (var entry : file.stream().filter(e -> !e.isDirectory()).toList()) {
        if (!entry.getName().equals(JarFile.MANIFEST_NAME)) {
          try (var in = file.getInputStream(entry)) {
            module.put(entry.getName(), in.readAllBytes());
          }
        }
      }
      return file.getManifest();
    }
  }

  private static Manifest manifest(Manifest from, String libraries) {
    var manifest = from == null ? new Manifest() : new Manifest(from);
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    if (libraries != null) {
      manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, libraries);
    }
    return manifest;
  }

  private void add(Path jar) throws IOException {
    var name = jar.getFileName().toString();
    var classes = CORNERS.stream().anyMatch(name::startsWith) ? corners : files;
    try (var file = new JarFile(jar.toFile())) {
      for (var entry : newest(file).entrySet()) {
        try (var in = file.getInputStream(entry.getValue())) {
          add(name, entry.getKey(), in.readAllBytes(), classes);
        }
      }
    }
  }

  private void add(String jar, String path, byte[] bytes, Map<String, byte[]> classes) {
    if (path.endsWith(CLASS)) {
      if (!path.endsWith("module-info.class")
          && !path.startsWith(TRANSLATIONS)
          && !files.containsKey(path)) {
        classes.putIfAbsent(path, path.startsWith(OURS) ? bytes : stripped(path, bytes));
      }
    } else if (isList(path)) {
      files.merge(path, bytes, Libraries::joined);
    } else if (isLicence(path)) {
      files.put(
          "META-INF/licences/" + jar + "/" + path.substring(path.lastIndexOf('/') + 1), bytes);
    } else if (isWanted(path)) {
      files.putIfAbsent(path, bytes);
    }
  }

  /// Its files by their name on this Java: of several versions the newest that it reads.
  private static Map<String, ZipEntry> newest(JarFile file) throws IOException {
    var manifest = file.getManifest();
    boolean several =
        manifest != null
            && "true"
                .equalsIgnoreCase(
                    manifest.getMainAttributes().getValue(Attributes.Name.MULTI_RELEASE));
    var found = new LinkedHashMap<String, ZipEntry>();
    var versions = new TreeMap<Integer, Map<String, ZipEntry>>();
    for (var entry : file.stream().filter(e -> !e.isDirectory()).toList()) {
      var name = entry.getName();
      if (!name.startsWith(VERSIONS)) {
        found.put(name, entry);
      } else if (several) {
        int slash = name.indexOf('/', VERSIONS.length());
        int version = Integer.parseInt(name.substring(VERSIONS.length(), slash));
        if (version <= FEATURE) {
          versions
              .computeIfAbsent(version, _ -> new LinkedHashMap<>())
              .put(name.substring(slash + 1), entry);
        }
      }
    }
    versions.values().forEach(found::putAll);
    return found;
  }

  private static boolean isList(String path) {
    return path.startsWith("META-INF/services/") && !path.equals(PROVIDERS)
        || path.equals("META-INF/mailcap");
  }

  private static boolean isLicence(String path) {
    var upper = path.toUpperCase(Locale.ROOT);
    return upper.matches("(META-INF/)?(LICEN[CS]E|NOTICE|COPYRIGHT|DEPENDENCIES|ABOUT)[^/]*");
  }

  private static boolean isWanted(String path) {
    return !(path.equals(JarFile.MANIFEST_NAME)
        || path.equals(PROVIDERS)
        || path.matches("META-INF/[^/]*\\.(SF|RSA|DSA|EC|LIST|kotlin_module)")
        || path.startsWith("META-INF/native-image/")
        || path.startsWith("jakarta/servlet/resources/")
        || path.startsWith("META-INF/maven/") && path.endsWith("/pom.xml"));
  }

  private static byte[] joined(byte[] first, byte[] second) {
    var out = new ByteArrayOutputStream(first.length + second.length + 1);
    out.writeBytes(first);
    out.write('\n');
    out.writeBytes(second);
    return out.toByteArray();
  }

  /// Without the names of local variables, and without generics where nobody asks for them; its
  /// constants are written anew, so that those names go.
  private static byte[] stripped(String path, byte[] bytes) {
    boolean keepsGenerics = WITHOUT_GENERICS.stream().noneMatch(path::startsWith);
    var writer = new ClassWriter(0);
    new ClassReader(bytes)
        .accept(
            new ClassVisitor(Opcodes.ASM9, writer) {
              private String kept(String generic) {
                return keepsGenerics ? generic : null;
              }

              @Override
              public void visit(
                  int version,
                  int access,
                  String name,
                  String generic,
                  String parent,
                  String[] interfaces) {
                super.visit(version, access, name, kept(generic), parent, interfaces);
              }

              @Override
              public FieldVisitor visitField(
                  int access, String name, String type, String generic, Object value) {
                return super.visitField(access, name, type, kept(generic), value);
              }

              @Override
              public MethodVisitor visitMethod(
                  int access, String name, String type, String generic, String[] exceptions) {
                var method = super.visitMethod(access, name, type, kept(generic), exceptions);
                return new MethodVisitor(Opcodes.ASM9, method) {
                  @Override
                  public void visitLocalVariable(
                      String name, String type, String generic, Label from, Label to, int index) {
                    // Not written.
                  }
                };
              }
            },
            0);
    return writer.toByteArray();
  }

  /// Adds what the rest names of the corners, and what that names, by a type or by a string.
  private void addReached() {
    var names = new HashMap<String, String>();
    for (var path : corners.keySet()) {
      var name = path.substring(0, path.length() - CLASS.length());
      names.put(name, path);
      names.put(name.replace('/', '.'), path);
    }
    var todo = new ArrayDeque<Collection<String>>();
    module.forEach((path, bytes) -> todo.add(named(path, bytes)));
    files.forEach((path, bytes) -> todo.add(named(path, bytes)));
    while (!todo.isEmpty()) {
      for (var text : todo.pop()) {
        reach(text, names, todo);
      }
    }
  }

  private void reach(String text, Map<String, String> names, Deque<Collection<String>> todo) {
    for (var word : NO_NAME.split(text)) {
      var path = names.getOrDefault(word, names.get(BEFORE_NAME.matcher(word).replaceFirst("")));
      if (path != null && !files.containsKey(path)) {
        var bytes = corners.get(path);
        files.put(path, bytes);
        todo.push(named(path, bytes));
      }
    }
  }

  /// The texts of a class's constants; of any other file, all of it.
  private static Collection<String> named(String path, byte[] bytes) {
    if (path.endsWith(CLASS)) {
      var texts = Operations.texts(bytes);
      if (ENDPOINTS.matcher(path).matches()) {
        texts.removeIf(text -> REQUEST.matcher(text).find());
      }
      return texts;
    }
    return bytes.length > LONG_TEXT
        ? List.of()
        : List.of(new String(bytes, StandardCharsets.ISO_8859_1));
  }

  private byte[] bytes(Manifest manifest) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(out)) {
      zip.setLevel(Deflater.BEST_COMPRESSION);
      zip.putNextEntry(entry(JarFile.MANIFEST_NAME));
      manifest.write(zip);
      for (var folder : folders()) {
        zip.putNextEntry(entry(folder));
      }
      for (var file : files.entrySet()) {
        zip.putNextEntry(entry(file.getKey()));
        zip.write(file.getValue());
      }
    }
    return out.toByteArray();
  }

  /// Who looks for all files of a folder, as Flyway does, asks for the folder first.
  private Set<String> folders() {
    var folders = new TreeSet<String>();
    for (var path : files.keySet()) {
      for (int i = path.indexOf('/'); i >= 0; i = path.indexOf('/', i + 1)) {
        folders.add(path.substring(0, i + 1));
      }
    }
    return folders;
  }

  private static ZipEntry entry(String name) {
    var entry = new ZipEntry(name);
    entry.setTimeLocal(TIME);
    return entry;
  }
}
