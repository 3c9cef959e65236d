package com.telconova.local.lab.child;

/// The smallest Java program: says that it is there, and ends.
public final class Hello {
  private Hello() {}

  public static void main(String[] arguments) {
    new Parent().say("up");
  }
}
