/** What of the outbox can be measured only from within. */
@NullMarked
package cn.fuzhi.sdk.outbox;

import org.jspecify.annotations.NullMarked;
