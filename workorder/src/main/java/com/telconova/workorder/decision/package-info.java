/// Why an order was given to whom: decisions as they were kept, and computed once more.
package com.telconova.workorder.decision;
