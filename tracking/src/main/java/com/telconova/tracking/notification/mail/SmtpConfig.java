package com.telconova.tracking.notification.mail;

import com.telconova.shared.config.Secret;
import com.telconova.shared.config.Settings;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Which server takes our mail.
///
/// @param server `SMTP_URL`: `smtp://[user:password@]host[:port]`; user and password
///   percent-encoded, port 25 unless said otherwise. TLS is used when the server offers STARTTLS.
/// @param from `MAIL_FROM`: the sender, such as `MicroFlow <no-reply@example.com>`
public record SmtpConfig(Server server, String from) {
  /// @param login empty when the server asks for none
  public record Server(String host, int port, Optional<Login> login) {}

  /// What the server wants to know who we are by.
  public record Login(String user, Secret password) {}

  public static SmtpConfig from(Settings settings) {
    return new SmtpConfig(
        settings.secretValue(
            "SMTP_URL", "a URL such as smtp://user:password@localhost:25", SmtpConfig::server),
        settings.value(
            "MAIL_FROM",
            null,
            "a mail address such as MicroFlow <no-reply@example.com>",
            SmtpConfig::address));
  }

  private static Server server(String value) {
    URI uri = URI.create(value);
    boolean usable =
        "smtp".equals(uri.getScheme())
            && uri.getHost() != null
            && (uri.getPath() == null || uri.getPath().isEmpty() || uri.getPath().equals("/"));
    if (!usable) {
      throw new IllegalArgumentException("not an SMTP URL");
    }
    return new Server(
        uri.getHost(),
        uri.getPort() < 0 ? 25 : uri.getPort(),
        Optional.ofNullable(uri.getRawUserInfo()).map(SmtpConfig::login));
  }

  private static Login login(String userInfo) {
    String[] parts = userInfo.split(":", 2);
    if (parts.length < 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
      throw new IllegalArgumentException("a user needs a password");
    }
    return new Login(decoded(parts[0]), new Secret(decoded(parts[1])));
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private static String address(String value) {
    try {
      new InternetAddress(value, true);
      return value;
    } catch (AddressException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
