// The same, with the durable store on Redis.
import '#tests/support/on-redis.ts';
import './booking-store.test.ts';
