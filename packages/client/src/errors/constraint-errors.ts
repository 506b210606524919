/** The application's error for each violated constraint or unique index, by name. */

export interface ConstraintError<Kind extends string = string> {
  /** The `kind` of the `DatabaseError`, in place of `unique-violation` or `reference-missing`. */
  readonly kind: Kind;
  /** One sentence, without a value. The client appends the constraint's name. */
  readonly message: string;
}

export type ConstraintErrors<Kind extends string = string> = Readonly<Record<string, ConstraintError<Kind>>>;

/** The kinds that a map adds to `GeneralErrorKind`. */
export type KindsOf<Errors extends ConstraintErrors> = Errors[keyof Errors]['kind'];
