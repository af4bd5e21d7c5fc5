import { createApp } from 'vue'
import App from './App.vue'
import './styles/index.css'
import { sanitizeFields } from './ui/sanitize'

sanitizeFields(document)
createApp(App).mount('#app')
