import { Session, type Member } from '../sign-in/session.svelte.ts';
import { signedInAgain } from '../wire/line.ts';
import { Desk } from './desk.svelte.ts';

/** Who is signed in at this browser: nobody, or a desk. */
export class Staff {
  #desk = $state.raw<Desk | null>(null);
  #whose = '';
  readonly session = new Session((member) => this.#arrived(member));

  /** Null while nobody is signed in. A desk that the house signed out waits for its owner, out of sight. */
  get desk(): Desk | null {
    return this.session.member && this.#desk;
  }

  #arrived({ name, role }: Member): void {
    const whose = `${role} ${name}`;
    // Nothing of the one before may be seen by the next.
    if (this.#desk && whose !== this.#whose) return location.reload();
    this.#whose = whose;
    if (this.#desk) dispatchEvent(new Event(signedInAgain));
    this.#desk ??= new Desk(
      () => void this.session.signedOut(),
      () => {
        this.#desk = null;
        this.session.left();
      }
    );
  }
}
