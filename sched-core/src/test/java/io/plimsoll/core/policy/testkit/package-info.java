/**
 * What a policy of one's own is held to; published beside the core for those who write one, with nothing but the core
 * needed to run it. {@link io.plimsoll.core.policy.testkit.PolicyCheck} is where to start.
 */
package io.plimsoll.core.policy.testkit;
