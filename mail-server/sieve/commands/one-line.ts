/** A header field is one line, whatever a variable holds. Takes linear time: white space that was looked at is not looked at again. */
export const oneLine = (text: string): string => text.replace(/\s+/g, (blanks) => (/[\r\n]/.test(blanks) ? ' ' : blanks));
