# shellcheck shell=bash
# Completion of pathvector-plugin for bash. The program itself says what fits.

_pathvector_plugin() {
	local current=${COMP_WORDS[COMP_CWORD]} program=${COMP_WORDS[0]/#\~\//"$HOME/"}
	local words=() word line i
	# bash has cut --option=value in three.
	for ((i = 1; i <= COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		if [[ ${#words[@]} -gt 0 && ($word == = || ${COMP_WORDS[i - 1]} == =) ]]; then
			words[${#words[@]} - 1]+=$word
		else
			words+=("$word")
		fi
	done
	[[ $current == = ]] && current=
	COMPREPLY=()
	while IFS= read -r line; do
		case $line in
		:files)
			compopt -o filenames 2>/dev/null
			while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$current")
			;;
		:directories)
			compopt -o filenames 2>/dev/null
			while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -d -- "$current")
			;;
		*) COMPREPLY+=("${line%%$'\t'*}") ;;
		esac
	done < <(command "$program" __complete "${words[@]}" 2>/dev/null)
}

complete -F _pathvector_plugin pathvector-plugin
