// What the durable store promises, on a cluster of three masters and a copy of each.
import '#tests/support/on-cluster.ts';
import './durable.test.ts';
import '#tests/booking/booking-store.test.ts';
