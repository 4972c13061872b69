/** The outbox inside the host's own transaction, with nothing but JDBC. */
@NullMarked
package cn.fuzhi.examples.transactional;

import org.jspecify.annotations.NullMarked;
