/// The real database and the real queues, for tests and for the workbench: PostgreSQL 18 and an
/// SNS, SQS and S3 emulator as child processes on free loopback ports. Everything they write is
/// below the checkout's ignored `.microflow` folder; nothing outlives the JVM that started it, even
/// when that JVM is killed ([Lifeline]). No class here that `local` uses depends on JUnit.
package com.telconova.shared.testing;
