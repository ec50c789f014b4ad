/** What hosts and kernels use, as agents tell it: kept in memory, bounded, neither journalled nor decided on. */
package io.plimsoll.manager.usage;
