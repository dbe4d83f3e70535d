// The same, with the durable store on a cluster of three masters and a copy of each.
import '#tests/support/on-cluster.ts';
import './booking-store.test.ts';
