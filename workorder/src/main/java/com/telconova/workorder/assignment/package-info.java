/// Who should do an order: hard rules, a score with reasons, and the decision kept so that it can
/// be replayed.
///
/// The way through: [AssignmentRoutes] reads a request, [Assignments] collects what is known under
/// the order's lock, [Engine] ranks and knows nothing else.
package com.telconova.workorder.assignment;
