package com.telconova.tracking.notification.mail;

import java.util.Arrays;
import java.util.stream.Collectors;

/// The plain text as a plain page: a paragraph for each of its own.
final class Html {
  private Html() {}

  static String of(Mail mail) {
    String paragraphs =
        Arrays.stream(mail.text().strip().split("\n{2,}"))
            .map(paragraph -> "<p>" + escape(paragraph).replace("\n", "<br>\n") + "</p>\n")
            .collect(Collectors.joining());
    String footer =
        mail.unsubscribe()
            .map(link ->
                "<p style=\"font-size: smaller\"><a href=\"%s\">%s</a></p>\n"
                    .formatted(escape(link.toString()), escape(mail.unsubscribeText())))
            .orElse("");
    return """
    <!doctype html>
    <html lang="%s">
    <head><meta charset="utf-8"><title>%s</title></head>
    <body style="font-family: sans-serif; line-height: 1.5; max-width: 40em">
    %s%s</body>
    </html>
    """
        .formatted(mail.locale().getLanguage(), escape(mail.subject()), paragraphs, footer);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
