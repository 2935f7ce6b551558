export interface Variable {
  /** lower case, without its namespace */
  name: string;
  global: boolean;
}
