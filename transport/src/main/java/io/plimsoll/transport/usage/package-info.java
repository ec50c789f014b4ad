/** What hosts and kernels use, as agents tell it. */
package io.plimsoll.transport.usage;
