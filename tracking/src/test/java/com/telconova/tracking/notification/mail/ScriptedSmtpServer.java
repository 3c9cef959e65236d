package com.telconova.tracking.notification.mail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// A mail server that answers as it is told, by the command's first word; `.` is the end of a
/// message. An empty answer means that it never answers.
final class ScriptedSmtpServer implements AutoCloseable {
  private final Map<String, String> answers =
      new ConcurrentHashMap<>(
          Map.of(
              "EHLO", "250 scripted",
              "NOOP", "250 ok",
              "RSET", "250 ok",
              "MAIL", "250 ok",
              "RCPT", "250 ok",
              "DATA", "354 go on",
              ".", "250 taken",
              "QUIT", "221 bye"));
  private final AtomicInteger taken = new AtomicInteger();
  private final AtomicInteger connections = new AtomicInteger();
  private final ServerSocket server;

  ScriptedSmtpServer() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  ScriptedSmtpServer answer(String command, String answer) {
    answers.put(command, answer);
    return this;
  }

  /// How many messages came to their end.
  int taken() {
    return taken.get();
  }

  int connections() {
    return connections.get();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        connections.incrementAndGet();
        Thread.ofVirtual().start(() -> talk(socket));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void talk(Socket socket) {
    try (socket) {
      OutputStream out = socket.getOutputStream();
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      say(out, "220 scripted");
      boolean inData = false;
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (inData && !line.equals(".")) {
          continue;
        }
        inData = line.startsWith("DATA") && answers.get("DATA").startsWith("354");
        taken.addAndGet(line.equals(".") ? 1 : 0);
        say(out, answers.get(line.split(" ")[0]));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void say(OutputStream out, String answer) throws IOException {
    if (!answer.isEmpty()) {
      out.write((answer + "\r\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
    }
  }
}
