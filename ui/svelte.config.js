/** Runes everywhere: state that is not declared is not reactive. */
export default { compilerOptions: { runes: true } };
