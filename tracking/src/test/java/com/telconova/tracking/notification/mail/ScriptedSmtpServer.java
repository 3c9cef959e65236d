package com.telconova.tracking.notification.mail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A mail server that answers as it is told, by the command's first word; `.` is the end of a
/// message. An empty answer means that it never answers.
public final class ScriptedSmtpServer implements AutoCloseable {
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
  private final Semaphore never = new Semaphore(0);
  private volatile Duration pause = Duration.ZERO;

  /// Listens and takes everything.
  public ScriptedSmtpServer() throws IOException {
    this(0);
  }

  /// The same on a port of which it is known that it is free.
  public ScriptedSmtpServer(int port) throws IOException {
    server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  /// Where it listens on loopback.
  public int port() {
    return server.getLocalPort();
  }

  /// Answers a command so from now on.
  public ScriptedSmtpServer answer(String command, String answer) {
    answers.put(command, answer);
    return this;
  }

  /// Takes so long from now on until it says what became of a message.
  public ScriptedSmtpServer dawdle(Duration time) {
    pause = time;
    return this;
  }

  /// How many messages came to their end.
  public int taken() {
    return taken.get();
  }

  /// How often somebody connected.
  public int connections() {
    return connections.get();
  }

  /// Takes no connections any more.
  public void stop() throws IOException {
    server.close();
  }

  @Override
  public void close() throws IOException {
    stop();
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
        if (line.equals(".")) {
          taken.incrementAndGet();
          never.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
        }
        say(out, answers.get(line.split(" ")[0]));
      }
    } catch (IOException e) {
      // The client hung up, which is its good right.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void say(OutputStream out, String answer) throws IOException {
    if (!answer.isEmpty()) {
      out.write((answer + "\r\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
    }
  }
}
