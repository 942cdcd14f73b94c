/** Sets the theme of a portable file before its first paint. It stands in the head as a script of its own. */
import { applyTheme } from "./apply-theme";

applyTheme();
