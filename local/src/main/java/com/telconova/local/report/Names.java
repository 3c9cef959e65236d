package com.telconova.local.report;

/// Names of methods and places, as short as they stay clear.
final class Names {
  private static final int FILE = 46;

  private Names() {}

  /// `com.telconova.workorder.order.Orders.create` becomes `Orders.create`; what stands around such
  /// names stays.
  static String brief(String text) {
    var brief = new StringBuilder();
    for (String word : text.split(" ")) {
      brief.append(brief.isEmpty() ? "" : " ").append(word.contains("/") ? end(word) : name(word));
    }
    return brief.toString();
  }

  private static String name(String word) {
    int type = 0;
    for (int dot = word.indexOf('.'); dot >= 0; dot = word.indexOf('.', dot + 1)) {
      boolean isPackage = type < dot && Character.isLowerCase(word.charAt(type));
      boolean more = word.indexOf('.', dot + 1) >= 0 || startsType(word, dot + 1);
      if (!isPackage || !more || !isWord(word, type, dot)) {
        break;
      }
      type = dot + 1;
    }
    return word.substring(type);
  }

  private static boolean startsType(String word, int at) {
    return at < word.length() && Character.isUpperCase(word.charAt(at));
  }

  private static boolean isWord(String word, int from, int to) {
    for (int i = from; i < to; i++) {
      if (!Character.isJavaIdentifierPart(word.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  // The end of a path tells more than its beginning.
  private static String end(String path) {
    return path.length() <= FILE ? path : "..." + path.substring(path.length() - FILE + 3);
  }
}
