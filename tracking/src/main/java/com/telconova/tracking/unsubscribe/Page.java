package com.telconova.tracking.unsubscribe;

import com.telconova.tracking.recipient.Recipient;

/// What whoever follows the link sees, in the language of whom the mail was for. Nothing in it
/// comes from outside.
final class Page {
  private Page() {}

  static String asking(Recipient reader) {
    return spanish(reader)
        ? page(
            "es",
            "¿No quiere más correos de este tipo?",
            "Lo urgente y lo que usted mismo pida seguirá llegando." + button("No enviar más"))
        : page(
            "en",
            "No more mails of this kind?",
            "What is urgent, and what you ask for yourself, will still come."
                + button("Send no more"));
  }

  static String done(Recipient reader) {
    return spanish(reader)
        ? page(
            "es",
            "No le enviaremos más correos de este tipo",
            "Si cambia de opinión, guarde sus preferencias de notificación en su perfil.")
        : page(
            "en",
            "You will get no more mails of this kind",
            "If you change your mind, save the notification preferences of your profile.");
  }

  private static boolean spanish(Recipient reader) {
    return reader.locale().getLanguage().equals("es");
  }

  /// To the page's own address.
  private static String button(String label) {
    return "</p>\n<form method=\"post\"><button>" + label + "</button></form>\n<p>";
  }

  private static String page(String language, String title, String text) {
    return """
    <!doctype html>
    <html lang="%s">
    <head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
    <title>%s</title></head>
    <body style="font-family: sans-serif; line-height: 1.5; max-width: 40em; margin: 3em auto; padding: 0 1em">
    <h1>%s</h1>
    <p>%s</p>
    </body>
    </html>
    """
        .formatted(language, title, title, text);
  }
}
