/// What can go wrong, as types: [Failure] is thrown, [ProblemMapper] turns it into RFC 9457.
package com.telconova.shared.problem;
