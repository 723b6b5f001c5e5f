/** The same type while it is being filled. */
export type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
